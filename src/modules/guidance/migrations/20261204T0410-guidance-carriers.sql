alter type guidance.adjustment_kind add value 'contact_carrier';
