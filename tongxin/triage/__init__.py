"""The self-check: a pack of clauses gives an ill person a disposition, with reasons and source.

The pack is data that clinicians own; form, diagram, questionnaire and bank of cases are made from
it, and what must be true of it is proved. Nothing a person answers is stored unless they
choose to keep it.
"""
