"""Previews of links: the title, text and picture that messengers and social networks show."""
