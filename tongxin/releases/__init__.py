"""What the public sees: immutable, dated sets of files, switched by one pointer.

A release is content-addressed files plus a manifest. This app knows nothing of what the
files say; the apps above hand it paths, bytes and the findings of their gate.
"""
