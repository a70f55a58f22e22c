"""Everything the model is trained on: photographs, captions, made questions, made videos."""
