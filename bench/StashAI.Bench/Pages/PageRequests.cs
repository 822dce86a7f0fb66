namespace StashAI.Bench.Pages;

/// <summary>What people ask for: every filter by itself, every order, and combinations that an index does not answer.</summary>
internal static class PageRequests
{
    /// <summary>Paths of pages, by the name under which they are printed.</summary>
    /// <param name="big">The id of the job whose 100,000 tasks failed.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<string> Of(string big, DateTimeOffset now)
    {
        var day = $"{now.AddHours(-10):yyyy-MM-ddTHH:mm:ssZ}";
        var (common, rare) = (PageFill.CommonFingerprint, PageFill.RareFingerprint);
        string[] filters =
        [
            "", "state=pending", "state=failed", "state=partial,failed", "state=running", "paused=true", "service=bench_1",
            "service=nothing", "operation=post", "operation=nothing", "name=nothing", "name=Photos", "name=week%207", "tag=all", "tag=rare",
            "tag=tag-7", "tag=nothing", "owner=owner-3", "owner=rare-owner", "owner=nobody", "error=timeout", "error=adapter_fault",
            $"error={common}", $"error={rare}", "error=memory", "error=nothing", "created_after=2020-01-01T00:00:00Z",
            $"created_before={day}", $"id={big[..2]}", $"id={big[..8]}", $"id={big}", "user_id=nobody", "session_id=nobody",
        ];
        string[] combinations =
        [
            "tag=all&state=failed", "tag=rare&state=failed", "tag=all&name=nothing", "tag=all&owner=rare-owner", "tag=all&owner=nobody",
            "owner=owner-3&error=timeout", "owner=owner-3&error=nothing", "owner=rare-owner&state=pending", "state=pending&name=nothing",
            $"state=failed&error={common}", $"error={common}&name=nothing", $"error={common}&tag=rare", "error=timeout&tag=tag-7",
            $"created_after=2020-01-01T00:00:00Z&created_before={day}&name=nothing", $"created_before={day}&state=running",
            "service=bench_1&state=completed&name=nothing", "paused=false&name=nothing", "operation=nothing&tag=all",
        ];
        string[] orders =
            ["sort=-failed", "sort=priority", "sort=-failed&tag=rare", "sort=-failed&name=nothing", "sort=priority&owner=nobody"];
        string[] ofJob =
        [
            "", "limit=1000", "state=failed", "state=completed", $"fingerprint={common}", $"fingerprint={rare}", "attempts_min=1",
            "attempts_min=9", "text=nothing", "text=harbour", $"fingerprint={common}&text=nothing", "state=failed&attempts_min=9",
        ];
        string[] ofAll =
        [
            "", "state=available", "state=running", "state=failed", "state=cancelled", "service=bench_1", "service=nothing",
            $"fingerprint={common}", $"fingerprint={rare}", "fingerprint=0123456789abcdef", "attempts_min=1", "attempts_min=9",
            $"state=failed&service=bench_4&fingerprint={rare}", "state=failed&attempts_min=9", $"state=completed&fingerprint={common}",
        ];
        return
        [
            .. filters.Concat(combinations).Concat(orders).Select(query => $"/api/jobs?{query}"), $"/api/jobs/{big}",
            $"/api/jobs/{big}/failures", .. ofJob.Select(query => $"/api/jobs/{big}/tasks?{query}"),
            .. ofAll.Select(query => $"/api/tasks?{query}"),
            $"/api/series?step=60&from={now.AddHours(-47):yyyy-MM-ddTHH:mm:ssZ}", "/api/audit", "/api/audit?limit=200",
            "/api/bulk", "/api/queue/stats", "/api/queue/jobs?limit=50", "/api/queue/jobs?limit=50&offset=50000",
            $"/api/queue/status/{big}", $"/api/queue/job/{big}?limit=100&offset=50000", "/api/queue/tasks?limit=50",
        ];
    }

    /// <summary>Bulk operations that are counted only.</summary>
    public static IReadOnlyList<string> Counted { get; } =
    [
        """{"action":"delete","all":true,"dry_run":true}""", """{"action":"retry","all":true,"dry_run":true}""",
        """{"action":"delete","filter":{"name":"nothing"},"dry_run":true}""",
        """{"action":"delete","filter":{"tag":"all","state":"completed"},"dry_run":true}""",
    ];
}
