"""What a model is: words, drawings, rasteriser, classifier. Shared by `training` and `game`."""
