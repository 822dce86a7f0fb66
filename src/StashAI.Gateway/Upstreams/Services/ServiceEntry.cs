using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>A service from a file: a declaration or a plug-in.</summary>
internal sealed record ServiceEntry
{
    public required IServiceAdapter Adapter { get; init; }

    /// <summary>The file of the declaration or the plug-in.</summary>
    public required string File { get; init; }

    public required string? Description { get; init; }

    /// <summary>The service's address; null when every job must name one.</summary>
    public required Uri? Address { get; init; }

    public required IReadOnlyList<UpstreamAlias> Aliases { get; init; }

    /// <summary>The schema of a job's configuration; type Any allows every key.</summary>
    public required FieldSchema Config { get; init; }

    public required IReadOnlyList<ServiceOperation> Operations { get; init; }

    public string Name => Adapter.Manifest.Name;

    /// <summary>The operation of a submit that names none of several; null where it must name one.</summary>
    public ServiceOperation? Default => Adapter.Manifest.DefaultOperation is { } name ? Find(name) : null;

    public static ServiceEntry Of(DeclaredAdapter adapter, string file) => new()
    {
        Adapter = adapter,
        File = file,
        Description = adapter.Declaration.Description,
        Address = adapter.Address,
        Aliases = [.. adapter.Declaration.Aliases.Select(alias => new UpstreamAlias(adapter.Declaration.Name, alias))],
        Config = adapter.Declaration.Config,
        Operations =
        [
            .. adapter.Declaration.Operations.Select(
                one => new ServiceOperation(one.Operation, one.Item, one.Path, one.Cost, one.Description)),
        ],
    };

    /// <summary>A plug-in does not describe its items: it gets any JSON, with the files that its operations name.</summary>
    public static ServiceEntry Of(IServiceAdapter adapter, string file) => new()
    {
        Adapter = adapter,
        File = file,
        Description = null,
        Address = adapter.Manifest.Address,
        Aliases = [],
        Config = FieldSchema.Any,
        Operations = [.. adapter.Manifest.Operations.Select(one => new ServiceOperation(one, FieldSchema.Any, "", null, null))],
    };

    /// <summary>Why an operation cannot be called at an address that a job names, or null.</summary>
    public string? Refuse(ServiceOperation operation, Uri instance) => Adapter is DeclaredAdapter declared
        ? declared.ReasonToRefuse(declared.Declaration.Operations.First(one => one.Operation.Name == operation.Name), instance)
        : null;

    public ServiceOperation? Find(string operation) => Operations.FirstOrDefault(one => one.Name == operation);
}
