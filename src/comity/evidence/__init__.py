"""The judge of the model: forecasts from past years scored, published results repeated."""
