"""Tests of what operators may look up."""
