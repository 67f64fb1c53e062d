"""The types of request, a file each: what people are asked, what is gone through, and what an answer may be."""
