"""Who exists when: states with year-valid codes and names, and frameworks with members."""
