namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>An error in the form of Anthropic's API.</summary>
internal sealed record AnthropicErrorShape(string Type, AnthropicErrorFieldsShape Error, string? RequestId);

/// <summary>What is wrong.</summary>
internal sealed record AnthropicErrorFieldsShape(string Type, string Message)
{
    public string? Code { get; init; }

    public string? Param { get; init; }

    public IReadOnlyList<AnthropicRequestErrorShape>? Errors { get; init; }
}

/// <summary>What is wrong with a field or with a request of a batch.</summary>
internal sealed record AnthropicRequestErrorShape(string? Param, int? Index, string Message);
