namespace MtlHybrid.Data;

/// <summary>Inputs and labels as the network reads them, row after row.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Features">Number of numeric features.</param>
/// <param name="CategoricalColumns">Number of categorical inputs.</param>
/// <param name="Tasks">Number of tasks.</param>
/// <param name="FeatureValues">[rows, features], standardised; indicators of missing values are 0 or 1.</param>
/// <param name="Codes">[rows, categorical columns]; 0 for missing or unknown.</param>
/// <param name="Labels">[rows, tasks]: standardised for regression, the class index for classification, NaN where missing.</param>
public sealed record EncodedData(int Rows, int Features, int CategoricalColumns, int Tasks, float[] FeatureValues, int[] Codes, float[] Labels);
