using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Messages;

public sealed class PostponedCopyTests
{
    private static readonly Settlement.Postpone Later = new(Some.Now.AddMinutes(1), "not yet");

    [Fact]
    public void The_same_postponement_makes_the_same_copy() =>
        Assert.Equal(PostponedCopy.Of(Some.Delivery(), Later).MessageId, PostponedCopy.Of(Some.Delivery(), Later).MessageId);

    [Fact]
    public void A_copy_of_a_copy_still_knows_the_first_message()
    {
        var first = Some.Delivery() with { Properties = new Dictionary<string, object?> { ["traceparent"] = "00-1-2-01" } };
        var third = Received(PostponedCopy.Of(Received(PostponedCopy.Of(first, Later)), Later));

        Assert.Equal(("m-1", 2, "00-1-2-01"), (third.MessageId, third.Postponements, third.TraceParent));
        Assert.Equal("m-1~3", PostponedCopy.Of(third, Later).MessageId);
        Assert.Equal(third, PostponedCopy.Restore(third));
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(60_000)]
    public void An_id_that_would_grow_too_long_for_the_broker_is_hashed_and_still_known(int length)
    {
        var first = PostponedCopy.Restore(Some.Delivery(messageId: new('m', length)));
        var copy = PostponedCopy.Of(first, Later);

        Assert.InRange(first.MessageId.Length, 1, 128);
        Assert.Equal(64, copy.MessageId.Length);
        Assert.Equal((first.MessageId, 1), (Received(copy).MessageId, Received(copy).Postponements));
    }

    [Fact]
    public void Two_long_ids_that_begin_alike_stay_two() => Assert.NotEqual(
        PostponedCopy.Restore(Some.Delivery(messageId: new string('m', 300) + "1")).MessageId,
        PostponedCopy.Restore(Some.Delivery(messageId: new string('m', 300) + "2")).MessageId);

    public static TheoryData<string, object?, object?> Forged => new()
    {
        { "m-1", 7, "x" },
        { "m-1", "m-0", 1 },
        { "m-1", new string('x', 60_000), 1 },
        { "case~7", null, null },
        { "case~7", "case", 8 },
        { "case~7", "other", 7 },
        { "case~7", null, 7 },
        { "case~0", "case", 0 },
        { "case~-1", "case", -1 },
        { "case~1000001", "case", 1_000_001 },
        { "case~07", "case", "07" },
        { "~1", "", 1 },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public void What_properties_say_is_believed_of_no_message_whose_id_is_not_made_of_it(string id, object? original, object? count)
    {
        var delivery = Some.Delivery(messageId: id) with
        {
            Properties = new Dictionary<string, object?>
            {
                ["ungroup-message-id"] = original,
                ["ungroup-first-enqueued"] = "2020-01-01T00:00:00Z",
                ["ungroup-postponements"] = count,
            },
        };

        Assert.Equal(delivery, PostponedCopy.Restore(delivery));
    }

    [Fact]
    public void An_id_with_a_tilde_of_its_own_comes_back_as_its_sender_wrote_it()
    {
        var copy = PostponedCopy.Of(PostponedCopy.Restore(Some.Delivery(messageId: "case~7")), Later);

        Assert.Equal("case~7~1", copy.MessageId);
        Assert.Equal(("case~7", 1), (Received(copy).MessageId, Received(copy).Postponements));
    }

    /// <summary>The version before sends this while both are there.</summary>
    [Theory]
    [InlineData("m-1~4", "m-1", 4)]
    [InlineData("m-1~4", "m-1", "4")]
    [InlineData("m-1~4", "m-1", 4L)]
    public void A_copy_of_the_version_before_is_known_whatever_type_its_number_has(string id, string original, object count)
    {
        var restored = PostponedCopy.Restore(Some.Delivery(messageId: id) with
        {
            EnqueuedAt = Some.Now.AddMinutes(2),
            Properties = new Dictionary<string, object?>
            {
                ["ungroup-message-id"] = original,
                ["ungroup-first-enqueued"] = Some.Now.ToString("O"),
                ["ungroup-postponements"] = count,
            },
        });

        Assert.Equal((original, 4, Some.Now.AddMinutes(2)), (restored.MessageId, restored.Postponements, restored.EnqueuedAt));
    }

    /// <summary>The version before needs to know this of a copy of ours.</summary>
    [Fact]
    public void A_copy_tells_the_version_before_its_message_and_its_number_and_passes_no_forged_time_on()
    {
        var forged = Some.Delivery() with { Properties = new Dictionary<string, object?> { ["ungroup-first-enqueued"] = "2020-01-01T00:00:00Z" } };

        var properties = PostponedCopy.Of(forged, Later).Properties;

        Assert.Equal(("m-1", 1), (properties["ungroup-message-id"], properties["ungroup-postponements"]));
        Assert.False(properties.ContainsKey("ungroup-first-enqueued"));
    }

    private static Delivery Received(PostponedCopy copy) => PostponedCopy.Restore(Some.Delivery(messageId: copy.MessageId) with
    {
        EnqueuedAt = copy.ScheduledFor,
        Properties = copy.Properties,
    });
}
