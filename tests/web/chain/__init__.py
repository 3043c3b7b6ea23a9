"""The chain in a picture: where things are drawn, and what the page, its paper and its files say."""
