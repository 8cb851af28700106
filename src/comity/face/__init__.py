"""The public verbs that need study, judge and present at once; the command line uses them too."""
