"""Networks for 28×28 drawings, and pretrained weights for them."""
