using Ungroup.Tests.Support;

namespace Ungroup.Tests;

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
        var second = Received(PostponedCopy.Of(first, Later));
        var third = Received(PostponedCopy.Of(second, Later));

        Assert.Equal(("m-1", Some.Now, 2, "00-1-2-01"), (third.MessageId, third.EnqueuedAt, third.Postponements, third.TraceParent));
        Assert.Equal("m-1~3", PostponedCopy.Of(third, Later).MessageId);
    }

    [Fact]
    public void An_id_that_would_grow_too_long_for_the_broker_is_hashed()
    {
        var copy = PostponedCopy.Of(Some.Delivery(messageId: new('m', 128)), Later);

        Assert.Equal(64, copy.MessageId.Length);
        Assert.Equal(new('m', 128), Received(copy).MessageId);
    }

    [Fact]
    public void Properties_that_make_no_sense_are_not_believed()
    {
        var delivery = Some.Delivery() with
        {
            Properties = new Dictionary<string, object?> { ["ungroup-message-id"] = 7, ["ungroup-first-enqueued"] = "yesterday", ["ungroup-postponements"] = "x" },
        };

        Assert.Equal(delivery, PostponedCopy.Restore(delivery));
    }

    private static Delivery Received(PostponedCopy copy) => PostponedCopy.Restore(Some.Delivery(messageId: copy.MessageId) with
    {
        EnqueuedAt = copy.ScheduledFor,
        Properties = copy.Properties,
    });
}
