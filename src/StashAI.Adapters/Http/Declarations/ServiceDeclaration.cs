using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>One AI service as its file declares it. References to the environment are not looked up yet.</summary>
public sealed record ServiceDeclaration
{
    /// <summary>The service's name in routes: lower case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>For people; may be null.</summary>
    public string? Description { get; init; }

    /// <summary>The address of the service, without the path of an operation.</summary>
    public required EnvironmentText Url { get; init; }

    /// <summary>Sent with every call.</summary>
    public IReadOnlyList<KeyValuePair<string, EnvironmentText>> Headers { get; init; } = [];

    /// <summary>Other addresses that may have what the environment gives to this service: its headers, and the references of its requests.</summary>
    public IReadOnlyList<CredentialTarget> CredentialsFor { get; init; } = [];

    /// <summary>The path that says whether the service can work, with its references; null for none.</summary>
    public EnvironmentText? Health { get; init; }

    /// <summary>URLs of clients that mean this service, such as `*:5000/translate`.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The keys of a job's configuration: an object.</summary>
    public required FieldSchema Config { get; init; }

    /// <summary>What it can do; never empty.</summary>
    public required IReadOnlyList<DeclaredOperation> Operations { get; init; }

    /// <summary>The limits, without name and operations.</summary>
    public required AdapterManifest Limits { get; init; }
}
