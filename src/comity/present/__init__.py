"""Run folders to figures, maps, tables and reports, in English and Japanese."""
