"""Text to terms: folding, words, bigrams and characters; the one home of jieba and OpenCC."""
