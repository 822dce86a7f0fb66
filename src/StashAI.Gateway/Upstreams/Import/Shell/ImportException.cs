namespace StashAI.Gateway.Upstreams.Import.Shell;

/// <summary>A curl command cannot become a declaration; the message says why and how to fix it.</summary>
internal sealed class ImportException(string message) : Exception(message);
