"""Markdown -> safe HTML, block by block, the same whether streamed or whole."""

from chatapp.markdown.renderer import Renderer, Update, render

__all__ = ["Renderer", "Update", "render"]
