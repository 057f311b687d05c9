#!/usr/bin/perl
# A sender that nobody wrote a library for: caller.py tells it what to send, one call a line.
use strict;
use warnings;
use Socket;

sub notify {
    my ($state) = @_;
    my $path = $ENV{NOTIFY_SOCKET} // '';
    return 'zero' if $path eq '';
    return 'negative' if $path !~ m{^[/@].}s;
    $path =~ s/^@/\0/;
    socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or return 'negative';
    my $address = eval { pack_sockaddr_un($path) } or return 'negative';
    return defined send($socket, $state, 0, $address) ? 'positive' : 'negative';
}

$| = 1;
while (my $line = <STDIN>) {
    my ($unset, $hex) = $line =~ /^([01]) ([0-9a-f]*)$/;
    if (!defined $hex) {
        print STDERR "it sends a text, and nothing else\n";
        exit 64;
    }
    print notify(pack 'H*', $hex), "\n";
    delete $ENV{NOTIFY_SOCKET} if $unset;
}
print defined $ENV{NOTIFY_SOCKET} ? "set\n" : "unset\n";
