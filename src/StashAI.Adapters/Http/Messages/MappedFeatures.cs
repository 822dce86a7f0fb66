namespace StashAI.Adapters.Http.Messages;

/// <summary>What a service in OpenAI's form understands besides text, by its declaration.</summary>
/// <param name="Images">It looks at pictures.</param>
/// <param name="Tools">It calls tools.</param>
internal readonly record struct MappedFeatures(bool Images, bool Tools);
