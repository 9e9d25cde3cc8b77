namespace Ungroup.Simulation.Cloud.Ecs;

/// <summary>An instance or a network interface, with the groups it is in and was in. An instance stands for its primary interface.</summary>
internal sealed class SimulatedResource(string id, string region, params IEnumerable<string> groups)
{
    private readonly List<(DateTimeOffset Since, string[] Groups)> _past = [(DateTimeOffset.MinValue, [.. groups])];
    private readonly List<(DateTimeOffset Since, string? Host)> _hosts = [(DateTimeOffset.MinValue, null)];
    private readonly List<(DateTimeOffset Since, IReadOnlyDictionary<string, string>? Tags)> _tags = [(DateTimeOffset.MinValue, new Dictionary<string, string>())];

    public string Id => id;

    public string Region => region;

    public bool IsInstance => IsInstanceId(id);

    /// <summary>As ECS names the interface.</summary>
    public string Card => IsInstance ? $"eni-of-{id}" : id;

    /// <summary>The code with which ECS refuses every change; null where it does not.</summary>
    public string? Refuses { get; init; }

    /// <summary>Those that it has from the beginning; null where no read ever shows any.</summary>
    public IReadOnlyDictionary<string, string>? Tags
    {
        get => _tags[0].Tags;
        init => _tags = [(DateTimeOffset.MinValue, value)];
    }

    /// <summary>Until then it is starting, or in transit.</summary>
    public DateTimeOffset SettledAt { get; init; }

    public IReadOnlyList<string> Groups => _past[^1].Groups;

    /// <summary>The instance that it is attached to; an instance has its primary interface for ever.</summary>
    public string? Host => _hosts[^1].Host ?? (IsInstance ? id : null);

    /// <summary>The groups that reads show in the place of its own, where ECS only pretends to have changed them.</summary>
    public IReadOnlyList<string>? Pretended { get; set; }

    /// <summary>As a reader sees it who is behind.</summary>
    public IReadOnlyList<string> GroupsAt(DateTimeOffset instant) => Pretended ?? _past.FindLast(past => past.Since <= instant).Groups;

    /// <summary>As a reader sees it who is behind.</summary>
    public string? HostAt(DateTimeOffset instant) => _hosts.FindLast(past => past.Since <= instant).Host ?? (IsInstance ? id : null);

    /// <summary>As a reader sees them who is behind; null where no read shows them.</summary>
    public IReadOnlyDictionary<string, string>? TagsAt(DateTimeOffset instant) => _tags.FindLast(past => past.Since <= instant).Tags;

    public void Change(IEnumerable<string> groups, DateTimeOffset now) => _past.Add((now, [.. groups]));

    /// <param name="key">The key.</param>
    /// <param name="value">Null to take the tag away.</param>
    /// <param name="now">From then on.</param>
    public void Tag(string key, string? value, DateTimeOffset now)
    {
        if (_tags[^1].Tags is { } before)
        {
            var after = before.Where(tag => tag.Key != key).ToDictionary();
            if (value is not null)
            {
                after[key] = value;
            }

            _tags.Add((now, after));
        }
    }

    public void AttachTo(string? host, DateTimeOffset since) => _hosts.Add((since, host));

    public static bool IsInstanceId(string id) => id.StartsWith("i-", StringComparison.Ordinal);
}
