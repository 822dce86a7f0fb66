using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Queue.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>The services that came by files, as they are now.</summary>
internal sealed partial class ServiceCatalog
{
    private readonly ServiceFiles files;
    private readonly IReadOnlyList<ServiceEntry> plugins;
    private readonly IReadOnlyList<IServiceAdapter> builtIn;
    private readonly ServiceAddresses addresses;
    private readonly ConfiguredServices configured;
    private readonly UpstreamAliases aliases;
    private readonly ILogger<ServiceCatalog> logger;
    private volatile IReadOnlyDictionary<string, ServiceEntry> entries = new Dictionary<string, ServiceEntry>();

    public ServiceCatalog(
        ServiceFiles files, PluginLoader plugins, IEnumerable<IServiceAdapter> builtIn, ServiceAddresses addresses, ConfiguredServices configured,
        UpstreamAliases aliases, ILogger<ServiceCatalog> logger)
    {
        (this.files, this.builtIn, this.addresses, this.configured, this.aliases, this.logger) = (files, [.. builtIn], addresses, configured, aliases, logger);
        this.plugins = plugins.Load();
        files.Read();
        Take();
    }

    /// <summary>By name, in the order of the names.</summary>
    public IEnumerable<ServiceEntry> All => entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>All of them, and what is another object when they are others.</summary>
    public (object Version, IReadOnlyList<ServiceEntry> Services) Now
    {
        get
        {
            var now = entries;
            return (now, [.. now.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)]);
        }
    }

    public int Count => entries.Count;

    /// <summary>Everything that this process can call.</summary>
    public IReadOnlyCollection<IServiceAdapter> Adapters => [.. builtIn, .. entries.Values.Select(entry => entry.Adapter)];

    public ServiceEntry? Find(string name) => entries.GetValueOrDefault(name);

    /// <summary>Reads the files again; true when the services are others now.</summary>
    public bool Reload()
    {
        if (!files.Read()) return false;
        Take();
        return true;
    }

    private void Take()
    {
        var taken = new Dictionary<string, ServiceEntry>(StringComparer.Ordinal);
        foreach (var entry in plugins.Concat(files.Entries))
        {
            if (builtIn.Any(adapter => adapter.Manifest.Name == entry.Name)) LogTaken(entry.File, entry.Name, "is built in");
            else if (taken.TryGetValue(entry.Name, out var other)) LogTaken(entry.File, entry.Name, $"comes from {other.File}");
            else if (Refusal(entry) is { } reason) LogRefused(entry.File, reason);
            else taken.Add(entry.Name, entry);
        }

        foreach (var entry in taken.Values)
        {
            if (entry.Address is null) continue;
            addresses.Set(entry.Name, entry.Address);
            configured.Declare(entry.Name);
        }

        aliases.Replace([.. taken.Values.SelectMany(entry => entry.Aliases)]);
        entries = taken;
    }

    /// <summary>What the queue would refuse must not keep the server from its start.</summary>
    private static string? Refusal(ServiceEntry entry)
    {
        try
        {
            _ = new ServiceRegistry([entry.Adapter]);
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is not used: the service {Name} {Why}")]
    private partial void LogTaken(string file, string name, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} is not used: {Reason}")]
    private partial void LogRefused(string file, string reason);
}
