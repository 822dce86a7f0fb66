namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>An error in the form of OpenAI's API.</summary>
internal sealed record OpenAiErrorShape(OpenAiErrorFieldsShape Error);

/// <summary>The four fields that each error has.</summary>
internal sealed record OpenAiErrorFieldsShape(string Message, string Type, string? Param, string? Code);
