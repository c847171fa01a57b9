namespace MtlHybrid.Data;

/// <summary>Inputs as the network reads them, row after row.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Features">Number of numeric features.</param>
/// <param name="CategoricalColumns">Number of categorical inputs.</param>
/// <param name="FeatureValues">[rows, features], standardised; indicators of missing values are 0 or 1.</param>
/// <param name="Codes">[rows, categorical columns]; 0 for missing or unknown.</param>
public sealed record EncodedInputs(int Rows, int Features, int CategoricalColumns, float[] FeatureValues, int[] Codes);
