alter type guidance.adjustment_kind add value 'raise_safety';
