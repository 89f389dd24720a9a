"""The smaller systems of the source texts: each a list of components on the engine, beside the whole model.

They import the engine and nothing else of planmodel, as sectors do. What a system is made of is listed in
``planmodel.scenario.registry``; its scenario stands in ``configs/systems``.
"""
