"""Questionnaires: FHIR R4 forms read, shown, answered, checked and handed on.

The engine that everything asks with: the daily log, the self-check, reports. It knows forms and
answers, not what they mean; apps above decide that. Nothing here holds a name.
"""
