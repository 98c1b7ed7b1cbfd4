"""What a link shows before anyone opens it: title, text and picture for messengers and crawlers."""
