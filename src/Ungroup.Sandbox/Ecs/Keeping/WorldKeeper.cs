using System.Text.Json;
using Ungroup.Sandbox.Ecs.Faults;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Keeping;

/// <summary>
/// Writes the world to a file, before the caller who has changed it hears of it: what was answered outlives the process. Callers
/// that come together share a write.
/// </summary>
internal sealed class WorldKeeper(string path, IReadOnlyDictionary<string, string> fingerprints, int faults, int changes) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _written;

    public async Task SaveAsync(World world)
    {
        var wanted = world.Version;
        if (Volatile.Read(ref _written) >= wanted)
        {
            return;
        }

        await _writing.WaitAsync();
        try
        {
            if (_written < wanted)
            {
                var (version, json) = Render(world);
                await WriteAsync(json);
                Volatile.Write(ref _written, version);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The world cannot be kept in {path}: {problem.Message}", problem);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    // A reader finds the old file or the new one.
    private async Task WriteAsync(ReadOnlyMemory<byte> json)
    {
        var fresh = $"{path}.new";
        await File.WriteAllBytesAsync(fresh, json);
        File.Move(fresh, path, overwrite: true);
    }

    private (long Version, ReadOnlyMemory<byte> Json) Render(World world)
    {
        lock (world.Gate)
        {
            return (world.Version, Payload.Json(json => Write(json, world)));
        }
    }

    // Faults and changes that were posted go with the process.
    private void Write(Utf8JsonWriter json, World world)
    {
        json.WriteString("startedAt", world.StartedAt);
        foreach (var (name, fingerprint) in fingerprints)
        {
            json.WriteString($"{name}Of", fingerprint);
        }

        json.WriteObjects("faults", world.Faults.Countdowns.Take(faults), json.WriteCountdown);
        json.WriteObjects("changes", world.Changes.Entries.Take(changes).Select(entry => entry.Countdown), json.WriteCountdown);
        WriteCounts(json, "effectiveLeaves", world.Leaves.Counts.Select(leave => (leave.Key, leave.Value)));
        WriteCounts(json, "shortestMemberships", world.Inventory.Interfaces.Values.Select(eni => (eni.Id, (long)eni.Membership.Shortest)));
        json.WriteObjects("regions", world.Regions, json.WriteRegion);
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IEnumerable<(string Key, long Count)> counts)
    {
        json.WriteStartObject(name);
        foreach (var (key, count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }
}

internal static class CountdownWriter
{
    public static void WriteCountdown(this Utf8JsonWriter json, Countdown countdown)
    {
        json.WriteStartObject();
        json.WriteNumber("after", countdown.Skip);
        json.WriteNumber("left", countdown.Left);
        json.WriteEndObject();
    }
}
