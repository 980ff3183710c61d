"""Translating between browsers and services; nothing else."""
