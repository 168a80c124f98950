"""Review in the browser: ``desk`` is what a page can show and do, the rest of the room makes a page of it."""
