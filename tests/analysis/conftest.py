from hypothesis import settings

# The first call of a test loads jieba's dictionary.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
