"""Networks for 28×28 drawings, pretrained weights for them, and inference."""
