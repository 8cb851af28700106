"""Cleaning of single sources: each module turns one producer's file into a tidy frame."""
