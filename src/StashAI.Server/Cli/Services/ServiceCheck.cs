using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Hosting.Terminal;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Services;

/// <summary><c>service check</c> and <c>service list</c>.</summary>
internal static class ServiceCheck
{
    public static int Run(IReadOnlyList<string> files, Func<string, string?> environment, TextWriter output)
    {
        if (files.Count == 0)
        {
            output.WriteLine($"No declarations in {string.Join(" or ", ServiceFolders.All(environment))}.");
            return ExitCodes.Success;
        }

        var isFine = true;
        foreach (var file in files) isFine &= Check(file, environment, output);
        return isFine ? ExitCodes.Success : ExitCodes.Failure;
    }

    public static int List(IReadOnlyList<string> files, Func<string, string?> environment, TextWriter output)
    {
        foreach (var file in files)
        {
            if (ServiceFolders.Read(file) is not { } declaration)
            {
                output.WriteLine($"{Path.GetFileNameWithoutExtension(file),-20} has errors: stashai service check {file}");
                continue;
            }

            var address = DeclaredAdapter.Create(declaration, environment).Adapter is { } adapter
                ? adapter.Mask.Hide(adapter.Address.AbsoluteUri.TrimEnd('/'))
                : declaration.Url.Source;
            output.WriteLine($"{declaration.Name,-20} {address}");
            foreach (var operation in declaration.Operations)
            {
                output.WriteLine($"{"",-20} POST /api/{declaration.Name}/batch/{operation.Operation.Name}");
            }
        }

        return ExitCodes.Success;
    }

    private static bool Check(string file, Func<string, string?> environment, TextWriter output)
    {
        string text;
        try
        {
            text = RegularFile.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.WriteLine($"{file}: {exception.Message}");
            return false;
        }

        var result = DeclarationReader.Read(text, file);
        foreach (var error in result.Errors) output.WriteLine(EscapedText.Line($"{file}:{error}"));
        if (result.Declaration is not { } declaration) return false;
        output.WriteLine(
            $"{file}: fine. {declaration.Name} has {string.Join(", ", declaration.Operations.Select(one => one.Operation.Name))}.");
        // The file is valid; the variables may be set on the server.
        if (DeclaredAdapter.Create(declaration, environment).Reason is { } reason) output.WriteLine($"{file}: note: {reason}");
        return true;
    }
}
