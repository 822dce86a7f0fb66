using System.Text;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Import;

/// <summary>Puts `-d` and its like together as curl does.</summary>
internal sealed class CurlData(CurlFiles files)
{
    private readonly StringBuilder text = new();
    private readonly List<(string Path, byte[] Bytes)> whole = [];
    private string? option;
    private int count;

    public bool IsEmpty => count == 0;

    /// <summary>`-d`, `--data-ascii`, `--data-binary`, `--data-raw` and `--json`.</summary>
    public void Add(string name, string value)
    {
        if (name == "--data-raw" || value is not ['@', ..])
        {
            Append(name, value);
            return;
        }

        var bytes = files.Read(value[1..], name);
        // Line breaks are kept for these two only.
        var isBinary = name is "--data-binary" or "--json";
        if (!isBinary && bytes.Contains((byte)0)) throw new UsageException($"{name} names a file with a NUL, of which versions of curl send different parts; use --data-binary.");
        var sent = isBinary ? bytes : [.. bytes.Where(one => one is not ((byte)'\r' or (byte)'\n'))];
        whole.Add((files.Expand(value[1..]), sent));
        option = name;
        if (name != "--json" && count > 0) text.Append('&');
        count++;
        if (count > 1 || !IsBinary(sent)) text.Append(CurlFiles.Decode(sent, name));
    }

    /// <summary>`--data-urlencode` and `--url-query`.</summary>
    public void AddEncoded(string name, string value) => Append(name, Encoded(name, value));

    /// <summary>`content`, `=content`, `name=content`, `@file` or `name@file`.</summary>
    public string Encoded(string option, string value)
    {
        var at = value.IndexOfAny(['=', '@']);
        if (at < 0) return Escape(value);
        var content = value[at] == '=' ? value[(at + 1)..] : files.ReadText(value[(at + 1)..], option);
        // Of an empty file curl takes nothing, not even the name.
        if (value[at] == '@' && content.Length == 0) return "";
        return at == 0 ? Escape(content) : $"{value[..at]}={Escape(content)}";
    }

    /// <exception cref="UsageException">A binary file is joined with more.</exception>
    public CurlBody Body()
    {
        if (count == 1 && whole.Count == 1) return new CurlBody.File(whole[0].Path, whole[0].Bytes);
        return whole.Any(file => IsBinary(file.Bytes)) ? throw new UsageException($"{option} names a file that is no text, next to other data; send it by itself, or as a part (-F).") : new CurlBody.Text(text.ToString());
    }

    /// <summary>The data as a part of the address.</summary>
    public string Query() => Body() is CurlBody.File file ? CurlFiles.Decode(file.Bytes, option!) : text.ToString();

    private void Append(string name, string value)
    {
        if (name != "--json" && count > 0) text.Append('&');
        text.Append(value);
        (option, count) = (name, count + 1);
    }

    private static bool IsBinary(byte[] bytes) => !System.Text.Unicode.Utf8.IsValid(bytes);

    /// <summary>A variable stays a mark: what it stands for is escaped when it is put in.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        var isMark = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is 0xFDD0 or 0xFDD1) isMark = rune.Value == 0xFDD0;
            if (isMark || rune.Value == 0xFDD1) escaped.Append(rune);
            else if (rune.Value == ' ') escaped.Append('+');
            else escaped.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return ShellVariables.Encode(escaped.ToString());
    }
}
