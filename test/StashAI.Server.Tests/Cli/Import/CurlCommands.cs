using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;

namespace StashAI.Server.Tests.Cli.Import;

/// <summary>
/// Curl commands as people, documents and browsers write them. URL and DIR stand for the server and for a folder with files.
/// </summary>
internal static partial class CurlCommands
{
    private static readonly string[] Texts =
    [
        "hello", "hello world", "", " a ", "it's", "say \"hi\"", "a\\b", "a&b=c", "100%", "%41", "%zz", "a+b", "a;b", "a,b", "@ann", "<b>",
        "$HOME", "${HOME}", "$${x", "a ${NAME:-b} c", "${{x}}", "{$", "\\u0024{HOME}", "`x`", "{{ item }}", "{{name}}", "{% if %}", "{{{",
        "}}", "caf\u00e9", "\u4f60\u597d", "\U0001F600", "two\nlines", "tab\there", "\\u00e9", "null", "true", "~", "12", "1.50", "- a",
        "a: b", "# no", "!tag", "*x", "?", "key: [1, 2]", "'", "\"", "\\", "a=b", "=", "http://example.com/?a=b&c=d",
        "MKTAYIAKQRMKTAYIAKQRMKTAYIAKQRMKTAYIAKQRMKTAYIAKQRMKTAYIAKQRMKTAYIAKQRX",
        "cf83e1357eefb8bdcf83e1357eefb8bdcf83e1357eefb8bdcf83e1357eefb8bdcf83e135", "iVBORw0KGgpzZWNyZXQgcGljdHVyZSBzZWNyZXQgcGljdHVyZSA=",
        "data:image/png;base64,iVBORw0KGgpzZWNyZXQgcGljdHVyZSBzZWNyZXQgcGljdHVyZSA=",
        "data:audio/x;base64,iVBORw0KGgpzZWNyZXQgcGljdHVyZSBzZWNyZXQgcGljdHVyZSA=",
    ];

    private static readonly string[] Names =
    [
        "text", "q", "input", "lang", "label", "label", "t[]", "t[]", "api_key", "max_tokens", "priority", "a.b", "x-y", "file name",
        "null", "n", "item", "\u00fcber", "\U0001F600", "{{x}}", "1st", "cost_per_item", "config",
    ];

    private static readonly string[] Files =
    [
        "a.wav", "a b.png", "note.txt", "lines.txt", "body.json", "data.bin", "se;mi.jpg", "\u00fcber.pdf", "quo\"te.gif", "pairs.form",
        "empty.txt",
    ];

    private static readonly Gen<string> Text = Gen.Frequency(
        (6, Gen.OneOf(Texts)),
        (1, Gen.OneOf(Texts).Array[2, 3].Select(string.Concat)),
        (1, Gen.Char[' ', '~'].Array[1, 12].Select(all => new string(all))));

    private static readonly Gen<string> Name = Gen.OneOf(Names);

    private static readonly Gen<string> File = Gen.OneOf(Files).Select(name => "DIR/" + name);

    /// <summary>Texts behind a quoting that the shell takes away again.</summary>
    private static Gen<string> Quoted(Gen<string> text) => Gen.Select(text, Gen.Int[0, 9]).Select((value, style) => Quote(value, style));

    /// <summary>All commands.</summary>
    public static Gen<string> All { get; } = Gen.Select(
        Url(), Bodies(), Headers(), Noise(), Gen.Int[0, 5],
        Gen.OneOf("curl", "curl", "curl", "$ curl", "curl.exe", "/usr/bin/curl", "time curl"),
        Gen.OneOf("", "", "", "", " | jq .", "|cat", " 2>/dev/null", " > DIR/out", "; echo", " # ask", " && echo done"))
        .Select(
            (url, body, headers, noise, order, start, end) => Join(
                start.StartsWith("/usr", StringComparison.Ordinal) || start.Contains(".exe", StringComparison.Ordinal) ? "curl" : start,
                order, url, body, headers, noise)
                + end);

    /// <summary>Commands with variables of the shell, which AI_KEY, AI_TEXT, AI_ID and AI_BASE are.</summary>
    public static Gen<string> WithVariables { get; } = Gen.Select(
            Gen.OneOf("URL/a", "$AI_BASE/a", "\"${AI_BASE}/a/$AI_ID/b\"", "\"$AI_BASE/a?id=$AI_ID\"", "\"URL/x?k=${AI_KEY}&y=1\""),
            Gen.OneOf(
                "", "-H \"Authorization: Bearer $AI_KEY\"", "-H \"X-Api-Key: ${AI_KEY}\" -H 'X-Plain: $AI_KEY'",
                "-H \"X-Id: ${AI_NONE:-none}/$AI_ID\"", "-b \"sid=$AI_KEY\"", "-A \"$AI_ID\"", "--oauth2-bearer $AI_KEY",
                "-u \"me:$AI_KEY\"", "-H 'Cost: $5'"),
            Gen.OneOf(
                "-d q=hello -d \"key=$AI_KEY\"", "--json \"{\\\"text\\\":\\\"hi\\\",\\\"key\\\":\\\"$AI_KEY\\\"}\"",
                "--json '{\"text\":\"'\"$AI_TEXT\"'\"}'",
                "--json \"{\\\"text\\\": \\\"hi\\\", \\\"o\\\": {\\\"k\\\": \\\"pre $AI_ID post\\\"}}\"", "-F text=hi -F \"id=$AI_ID\"",
                "-F \"text=$AI_TEXT\" -F id=1", "--data-urlencode \"q=$AI_TEXT\"", "--data-urlencode \"$AI_TEXT\"", "-d \"q=$AI_TEXT\"",
                "-F \"file=@${AI_DIR}/a.wav\" -F \"m=$AI_ID\"", "-G -d \"q=$AI_ID\" -d x=2",
                "-H 'Content-Type: text/plain' --data-raw \"$AI_TEXT\"", "-d '{\"text\":\"$AI_TEXT\"}'",
                "-d \"{\\\"text\\\":\\\"hi\\\",\\\"n\\\":$AI_ID}\"", "-d q=$(echo hi)", "-d q=`echo hi`", "-d q=$1", "-d q=${AI_ID#x}",
                "-d \"q=\\$$AI_ID\" -d \"b={$AI_TEXT}\"",
                "--json \"{\\\"text\\\":\\\"hi\\\",\\\"k\\\":\\\"\\${X} \\$$AI_ID {$AI_ID}\\\"}\"",
                "-H 'Content-Type: text/plain' --data-raw \"{\\$$AI_ID ${AI_NONE:-none} \\${HOME}\"",
                "--json \"{ \\\"text\\\": \\\"hi\\\", \\\"k\\\": \\\"${AI_NONE:-none}\\\" }\"",
                "--data-urlencode \"q=${AI_NONE:-}\" -d x=hello"))
        .Select((url, header, body) => $"curl {url} {header} {body}");

    private static Gen<string> Url() => Quoted(Gen.Select(
        Gen.OneOf(
            "", "/", "/a", "/v1/embeddings", "/a%20b", "/a/../b/./c", "/\u00fc", "/%7Euser", "/%2e%2e/x", "/a;b=c", "/{x}", "/a[1]", "/a b",
            "/x/..", "/\U0001F600", "/100%", "/a'b", "/a|b", "/a\"b", "/a%2Fb", "/a//b", "/a\\b", "/{{x}}", "/a:b@c", "/~a", "/$a"),
        Gen.Frequency(
            (4, Gen.Const("")),
            (4, Gen.OneOf(
                "?x=1", "?q=hi&x=1&x=2", "?flag", "?flag&q=hi", "?q=a%20b", "?q=\u00fc", "?x=%ff", "?", "?a=1&b=2&a=3", "?q=a+b", "?k=a=b",
                "?q={{x}}", "?key=abc&q=x", "?q=a'b\"c|d^e", "?q=", "?q=x#frag", "?=x", "?a=1&&b=2", "?priority=1", "?x=100%"))),
        Gen.OneOf("URL", "URL", "URL", "URL", "HOST", "http://me:pw@HOST"),
        (path, query, start) => start + path + query));

    private static Gen<string> Headers() => Gen.OneOf(
        Gen.Const(""),
        Quoted(Gen.Select(
            Gen.OneOf(
                "X-A", "x-style", "Authorization", "X-Api-Key", "Accept", "User-Agent", "Host", "Accept-Encoding", "TE", "Connection",
                "Content-Language", "Cookie", "If-None-Match", "Origin"),
            Text).Select((name, value) => $"{name}: {value.Replace("\n", " ", StringComparison.Ordinal)}")).Array[1, 3]
            .Select(all => string.Concat(all.Select(one => " -H " + one))),
        Gen.OneOf(
            "-u me:secret", "-u me:", "-u me", "-A 'agent 1'", "-e http://x.example/", "-b a=b", "-b a=b -b c=d", "-b jar.txt",
            "--oauth2-bearer tok", "-H 'X-E;'", "-H 'Accept:'", "-H 'User-Agent:'", "-H nocolon", "-H ':authority: x'",
            "-H 'X-A: 1' -H 'X-A: 2'", "-H @DIR/note.txt", "-u a:b -H 'Authorization: Bearer x'", "-A x -H 'User-Agent: y'",
            "-b a=b -H 'Cookie: c=d'", "-H 'Content-Type: text/xml'", "-H 'content-type: application/json'", "-H 'Content-Type:'",
            "-H 'Content-Type: application/x-www-form-urlencoded; charset=utf-8'", "-H 'Content-Type: multipart/form-data'",
            "-H 'Accept: text/plain' -H 'Accept: text/html'", "-H 'Accept-Language: en-US,en;q=0.5'", "-H 'X-B: a,b;c=d'"));

    private static Gen<string> Noise() => Gen.Frequency(
        (3, Gen.Const("")),
        (3, Gen.OneOf(
            "-s", "-sS", "-L", "--compressed", "-k -s", "-sSL --max-time 5", "-o /dev/null", "-X POST", "-XPOST", "-sXPUT", "-X GET",
            "-X PATCH", "--request DELETE", "-g", "--path-as-is", "-X QUERY", "--request=POST", "-0", "--http1.1", "-i",
            "-w '%{http_code}'", "-#", "--url-query x=1", "--url-query 'x=a b' -k", "--url-query +x=%41", "-s --url-query y@DIR/note.txt",
            "--url-query =z", "-G", "--", "-sSvXPOST")));

    private static Gen<string> Bodies() => Gen.Frequency(
        (4, Data()),
        (4, Json()),
        (4, Parts()),
        (1, Gen.Select(Gen.OneOf("-T", "--upload-file"), Quoted(File)).Select((option, file) => $"{option} {file}")),
        (2, Gen.Select(
            Gen.OneOf(
                "text/plain", "application/xml", "application/graphql", "text/plain; charset=utf-8", "application/x-ndjson",
                "text/plain;charset=UTF-8"),
            Quoted(Gen.OneOf(Text, File.Select(name => "@" + name))),
            Gen.OneOf("-d", "--data-raw", "--data-binary"))
            .Select((type, text, option) => $"-H 'Content-Type: {type}' {option} {text}")),
        (1, Gen.OneOf(
            "-H 'content-type: multipart/form-data; boundary=----W' --data-raw $'------W\\r\\nContent-Disposition: form-data; "
            + "name=\"q\"\\r\\n\\r\\na=b&c\\r\\n------W\\r\\nContent-Disposition: form-data; "
            + "name=\"lang\"\\r\\n\\r\\nen\\r\\n------W--\\r\\n'",
            "-H 'content-type: multipart/form-data; boundary=W' --data-binary $'--W\\r\\nContent-Disposition: form-data; name=\"f\"; "
            + "filename=\"a.png\"\\r\\nContent-Type: image/png\\r\\n\\r\\nPNG\\r\\n--W--\\r\\n'",
            "-d @- <<'EOF'\n{\"text\": \"it's $5\",\n \"n\": 1}\nEOF\n", "--json @- <<EOF\n{\"text\": \"hi\", \"id\": \"$AI_ID\"}\nEOF\n",
            "--data-binary @- <<< 'q=a b'", "-d q=hi -F a=b", "-I", "--next -d q=hi URL/b", "-K DIR/note.txt", "")));

    private static Gen<string> Data() => Gen.Select(
            Gen.OneOf("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "-d"),
            Quoted(Gen.Frequency(
                (8, Gen.Select(Name, Text, Gen.Bool)
                    .Select((name, text, isEscaped) => $"{name}={(isEscaped ? Uri.EscapeDataString(text) : text)}")),
                (1, Text),
                (1, File.Select(file => "@" + file)),
                (1, Gen.Select(Name, File).Select((name, file) => $"{name}@{file}")))))
        .Select((option, value) => $"{option} {value}").Array[1, 4].Select(all => string.Join(' ', all));

    private static Gen<string> Json()
    {
        var scalar = Gen.OneOf(
            Text.Select(text => JsonSerializer.Serialize(text)),
            Text.Select(
                text => "\"" + JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\""),
            Gen.OneOf(
                "1", "1.50", "-0.0", "1e5", "1E400", "12345678901234567890123", "true", "false", "null", "[]", "{}", "\"\\ud83d\"",
                "\"a\\/b\"", "0.1", "[1,2]"));
        var name = Name.Select(text => JsonSerializer.Serialize(text));
        var inner = Gen.Select(name, scalar).Select((key, value) => $"{{{key}: {value}}}");
        var member = Gen.Select(
            name, Gen.Frequency((5, scalar), (1, inner), (1, inner.Array[1, 2].Select(all => $"[{string.Join(", ", all)}]"))));
        var text = Gen.Select(member.Array[0, 5], Gen.OneOf(("{", ":", ",", "}"), ("{", ": ", ", ", "}"), ("{\n  ", ": ", ",\n  ", "\n}")))
            .Select((members, style) => style.Item1 + string.Join(style.Item3, members.Select(one => one.Item1 + style.Item2 + one.Item2))
                + style.Item4);
        var any = Gen.Frequency((12, text), (1, Gen.OneOf(
            "[\"a\",\"b\"]", "\"text\"", "{\"text\":}",
            "{\"messages\":[{\"role\":\"system\",\"content\":\"Use {{name}}\"},{\"role\":\"user\",\"content\":\"hi\"}],\"model\":\"m\"}",
            "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}")));
        return Gen.Select(
            Quoted(any),
            Gen.OneOf(
                "--json ", "-H 'Content-Type: application/json' -d ", "-H 'content-type: application/json; charset=utf-8' --data-raw ",
                "-d ", "--data-binary ", "-H 'Content-Type: application/vnd.api+json' -d ", "--json '' --json "))
            .Select((json, option) => option + json);
    }

    private static Gen<string> Parts()
    {
        var inner = Gen.OneOf(Text, Text.Select(
            text => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""));
        var file = Gen.OneOf(File, File.Select(name => "\"" + name.Replace("\"", "\\\"", StringComparison.Ordinal) + "\""));
        var more = Gen.Frequency(
            (4, Gen.Const("")),
            (3, Gen.OneOf(
                ";type=application/json", ";type=text/plain; charset=utf-8", ";type=text/plain", ";filename=x.png",
                ";filename=\"a \\\"b\\\".wav\"", ";type=audio/x-wav;filename=speech.wav", ";filename=\u00fc.txt", "; type=a/b", ";foo=bar",
                ";type=bad", ";headers=\"X-A: b\"", ";encoder=base64", ";TYPE=a/b", ";filename=a/b.txt")));
        var part = Gen.Frequency(
            (5, Gen.Select(Name, inner, more).Select((name, text, about) => "-F " + Quote($"{name}={text}{about}", 0))),
            (4, Gen.Select(Name, file, more).Select((name, path, about) => "--form " + Quote($"{name}=@{path}{about}", 0))),
            (1, Gen.Select(Name, file, more).Select((name, path, about) => "-F " + Quote($"{name}=<{path}{about}", 0))),
            (1, Gen.Select(Name, Text).Select((name, text) => "--form-string " + Quote($"{name}={text}", 0))),
            (1, Gen.OneOf(
                "-F 'images=@DIR/a.wav,DIR/note.txt'", "-F noequals", "-F 'a=(;type=multipart/mixed'", "-F '=x'", "-F x=@DIR/missing")));
        return part.Array[1, 4].Select(all => string.Join(' ', all));
    }

    private static string Join(string start, int order, params string[] options)
    {
        var given = options.Where(option => option.Length > 0).ToList();
        // A here document ends the command.
        var rotated = given.Exists(option => option.Contains("<<", StringComparison.Ordinal) || option == "--")
            ? given.OrderBy(option => option.Contains("<<", StringComparison.Ordinal) || option == "--" ? 1 : 0)
            : given.Select((option, index) => (option, Key: (index + order) % given.Count)).OrderBy(one => one.Key)
                .Select(one => one.option);
        return $"{start} {string.Join(order == 5 ? " \\\n  " : " ", rotated)}";
    }

    /// <summary>A word that the shell reads as this text.</summary>
    private static string Quote(string text, int style)
    {
        if (style > 6 && Plain().IsMatch(text)) return text;
        if (style is 4 or 5) return "\"" + Regex.Replace(text, "[\"\\\\$`]", "\\$0") + "\"";
        if (style == 6)
        {
            return "$'"
                + string.Concat(text.Select(one =>
                    one switch { '\'' => "\\'", '\\' => "\\\\", '\n' => "\\n", '\t' => "\\t", '!' => "\\u0021", _ => one.ToString() }))
                + "'";
        }

        return "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    [GeneratedRegex("^[A-Za-z0-9_./:=@%+-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
