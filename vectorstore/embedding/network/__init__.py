"""The reader's network: the published one (base), the torch module (mpnet), the stored difference (weights, rounding,
names), and the ONNX files made of them (export_onnx)."""
