"""Below everything: messages, array aliases, sums, the machine, parameter books."""
