"""Published models, usable alone: arrays in, frozen result out."""
