"""Statistics: estimators that several models share."""
