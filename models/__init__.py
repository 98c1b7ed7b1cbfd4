"""What a model is: words, drawings, the rasteriser and the classifier. Shared by `training` and `game`."""
