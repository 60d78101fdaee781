"""The dress rehearsal: a whole forum played through the same doors as real phones and laptops, and checked word by word."""
