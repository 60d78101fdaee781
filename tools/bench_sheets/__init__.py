"""Load on sheets: rapporteurs who type on one core, our server or Hocuspocus on the other, by the same definitions."""
