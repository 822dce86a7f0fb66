using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>An AI service as declared in a file. References to the environment are not resolved yet.</summary>
public sealed record ServiceDeclaration
{
    /// <summary>The service's name in routes: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>A description for people, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The address of the service, without the path of an operation.</summary>
    public required EnvironmentText Url { get; init; }

    /// <summary>The headers that are sent with every call.</summary>
    public IReadOnlyList<KeyValuePair<string, EnvironmentText>> Headers { get; init; } = [];

    /// <summary>Other addresses that may receive this service's headers and values from the environment.</summary>
    public IReadOnlyList<CredentialTarget> CredentialsFor { get; init; } = [];

    /// <summary>The path that tells whether the service is healthy; null when there is none.</summary>
    public EnvironmentText? Health { get; init; }

    /// <summary>Patterns of client URLs that mean this service, such as <c>*:5000/translate</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The power that the service draws while it works, in watts; null when it is not declared.</summary>
    public double? Watts { get; init; }

    /// <summary>The schema of a job's configuration: an object.</summary>
    public required FieldSchema Config { get; init; }

    /// <summary>The operations; at least one.</summary>
    public required IReadOnlyList<DeclaredOperation> Operations { get; init; }

    /// <summary>The operation of a submit that names none; null where it must name one of several.</summary>
    public string? DefaultOperation { get; init; }

    /// <summary>The routes of OpenAI's API that the service speaks.</summary>
    public IReadOnlyList<DialectRoute> OpenAi { get; init; } = [];

    /// <summary>The routes of Anthropic's API that the service speaks, itself or by a mapping.</summary>
    public IReadOnlyList<DialectRoute> Anthropic { get; init; } = [];

    /// <summary>The routes of all other APIs that the service speaks.</summary>
    public IEnumerable<DialectRoute> Dialects => OpenAi.Concat(Anthropic);

    /// <summary>A manifest that holds only the limits: its name and operations are not used.</summary>
    public required AdapterManifest Limits { get; init; }
}
