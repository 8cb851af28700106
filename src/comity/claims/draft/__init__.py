"""Draft dossiers: from the text of a report to claims that a person then decides on."""
