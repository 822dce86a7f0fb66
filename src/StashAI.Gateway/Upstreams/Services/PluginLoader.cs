using System.Reflection;
using System.Runtime.Loader;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// Loads code adapters: a DLL in the folder, or in a subfolder of the same name with its dependencies. Every public
/// <see cref="IServiceAdapter"/> with a parameterless constructor becomes a service. Plug-ins run with all rights of this process.
/// </summary>
internal sealed partial class PluginLoader(IReadOnlyList<string> folders, Func<string, string?> environment, ILogger<PluginLoader> logger)
{
    public IReadOnlyList<ServiceEntry> Load()
    {
        var entries = new List<ServiceEntry>();
        foreach (var file in folders.Where(Directory.Exists).SelectMany(Files)) entries.AddRange(Load(file));
        return entries;
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.dll")
            .Concat(Directory.EnumerateDirectories(folder).Select(own => Path.Combine(own, Path.GetFileName(own) + ".dll")).Where(File.Exists))
            .Where(file => Path.GetFileName(file) != "StashAI.Sdk.dll")
            .Order(StringComparer.Ordinal);

    private List<ServiceEntry> Load(string file)
    {
        var entries = new List<ServiceEntry>();
        try
        {
            var assembly = new PluginContext(file).LoadFromAssemblyPath(Path.GetFullPath(file));
            foreach (var type in assembly.GetExportedTypes().Where(type => type is { IsAbstract: false, IsClass: true } && type.IsAssignableTo(typeof(IServiceAdapter))))
            {
                var adapter = (IServiceAdapter)Activator.CreateInstance(type)!;
                entries.Add(WithAddress(ServiceEntry.Of(adapter, file)));
                LogLoaded(adapter.Manifest.Name, file);
            }

            // A dependency of an adapter contains no adapter.
            if (entries.Count == 0) LogEmpty(file);
        }
        catch (Exception exception)
        {
            // A faulty plug-in must not affect other services.
            LogFailed(file, (exception as TargetInvocationException)?.InnerException?.Message ?? exception.Message);
        }

        return entries;
    }

    /// <summary>Sets the service's address from <c>NAME_API_URL</c>.</summary>
    private ServiceEntry WithAddress(ServiceEntry entry) =>
        Uri.TryCreate(environment($"{entry.Name.Replace('-', '_').ToUpperInvariant()}_API_URL"), UriKind.Absolute, out var address)
            ? entry with { Address = address }
            : entry;

    [LoggerMessage(Level = LogLevel.Information, Message = "The adapter {Name} comes from {File}")]
    private partial void LogLoaded(string name, string file);

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
