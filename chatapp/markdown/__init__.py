"""Markdown -> safe HTML, block by block, the same whether streamed or whole."""

from chatapp.markdown.cache import cache, render
from chatapp.markdown.limits import with_sentence
from chatapp.markdown.renderer import Renderer, Update, whole

__all__ = ["Renderer", "Update", "cache", "render", "whole", "with_sentence"]
