using System.Reflection;
using System.Runtime.Loader;
using StashAI.Sdk;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// Loads code adapters: a DLL in the folder, or in a subfolder of the same name with its dependencies. Every public
/// <see cref="IServiceAdapter"/> with a parameterless constructor becomes a service. Plug-ins run with all rights of this process.
/// </summary>
internal sealed partial class PluginLoader(IReadOnlyList<string> folders, Func<string, string?> environment, ILogger<PluginLoader> logger)
{
    private const string Requirement = "must be the http:// or https:// address of the service, without user and fragment; "
        + "a query is sent with every call";

    public IReadOnlyList<ServiceEntry> Load()
    {
        var entries = new List<ServiceEntry>();
        foreach (var file in folders.Where(Directory.Exists).SelectMany(Files)) entries.AddRange(Load(file));
        return entries;
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.dll")
            .Concat(
                Directory.EnumerateDirectories(folder).Select(own => Path.Combine(own, Path.GetFileName(own) + ".dll")).Where(File.Exists))
            .Where(file => Path.GetFileName(file) != "StashAI.Sdk.dll")
            .Order(StringComparer.Ordinal);

    private List<ServiceEntry> Load(string file)
    {
        var entries = new List<ServiceEntry>();
        var isRefused = false;
        if (RegularFile.ReasonToRefuse(file) is { } reason)
        {
            LogFailed(file, $"it {reason}");
            return entries;
        }

        try
        {
            var assembly = new PluginContext(file).LoadFromAssemblyPath(Path.GetFullPath(file));
            foreach (var type in assembly.GetExportedTypes().Where(type => type is { IsAbstract: false, IsClass: true }
                && type.IsAssignableTo(typeof(IServiceAdapter))))
            {
                var adapter = (IServiceAdapter)Activator.CreateInstance(type)!;
                var (entry, fault) = WithAddress(ServiceEntry.Of(adapter, file));
                if (fault is not null)
                {
                    LogRefused(adapter.Manifest.Name, file, fault);
                    isRefused = true;
                    continue;
                }

                entries.Add(entry);
                LogLoaded(adapter.Manifest.Name, file);
            }

            // A library that an adapter brings along has none, and nobody expects one in it.
            if (entries.Count == 0 && !isRefused) LogEmpty(file);
        }
        catch (Exception exception)
        {
            // A faulty plug-in must not affect other services.
            LogFailed(file, (exception as TargetInvocationException)?.InnerException?.Message ?? exception.Message);
        }

        return entries;
    }

    /// <summary>`NAME_API_URL` moves a service.</summary>
    /// <returns>The service; or what is wrong with its address.</returns>
    private (ServiceEntry Entry, string? Fault) WithAddress(ServiceEntry entry)
    {
        var variable = $"{entry.Name.Replace('-', '_').ToUpperInvariant()}_API_URL";
        if (environment(variable)?.Trim() is not { Length: > 0 } text)
        {
            return (entry, entry.Address is { } own && !IsAddress(own) ? $"its own address {Requirement}" : null);
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && IsAddress(address)
            ? (entry with { Address = address }, null)
            : (entry, $"{variable} {Requirement}");
    }

    private static bool IsAddress(Uri address) => address is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Fragment: "" };

    [LoggerMessage(Level = LogLevel.Information, Message = "The adapter {Name} comes from {File}")]
    private partial void LogLoaded(string name, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The adapter {Name} of {File} is not used: {Reason}")]
    private partial void LogRefused(string name, string file, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{File} contains no adapter")]
    private partial void LogEmpty(string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The plug-in {File} cannot be used: {Reason}")]
    private partial void LogFailed(string file, string reason);

    /// <summary>Loads a plug-in's own libraries first, but always the shared Sdk, so that its types are the same.</summary>
    private sealed class PluginContext(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
    {
        private readonly AssemblyDependencyResolver resolver = new(Path.GetFullPath(file));

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name != typeof(IServiceAdapter).Assembly.GetName().Name && resolver.ResolveAssemblyToPath(assemblyName) is { } path
                ? LoadFromAssemblyPath(path)
                : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}
