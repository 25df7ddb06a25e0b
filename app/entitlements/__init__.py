"""What the law grants a child, what is received, what is missing, which change of age is coming.

`facts` are what the register knows of one child; `rules` and `ages` are the law, values in and value out;
`lists` asks the register for everybody in a person's scope. Nothing here is stored: a human decides.
"""
