"""What is measured of each sample and of each set: definitions in docs/measures.md, one function a measure."""
