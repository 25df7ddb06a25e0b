"""What children are entitled to beside what they receive, and the changes of age ahead."""
