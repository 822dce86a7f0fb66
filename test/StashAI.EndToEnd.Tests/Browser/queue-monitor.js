class QueueMonitor {
    constructor(baseUrl = 'ws://localhost:9998') {
        this.ws = new WebSocket(`${baseUrl}/ws/demo_session`);
        this.setupEventHandlers();
    }
    
    setupEventHandlers() {
        this.ws.onmessage = (event) => {
            const data = JSON.parse(event.data);
            
            switch(data.type) {
                case 'task_status':
                    this.handleTaskUpdate(data);
                    break;
                case 'job_progress':
                    this.handleJobProgress(data);
                    break;
                case 'queue_stats':
                    this.handleQueueStats(data);
                    break;
            }
        };
    }
    
    // Create Visage job and monitor progress
    async createAndMonitorVisageJob(images, visageApiUrl) {
        // 1. Create the job
        const response = await fetch('/api/visage/job', {
            method: 'POST',
            headers: {'Content-Type': 'application/json'},
            body: JSON.stringify({
                images: images,
                visage_api_url: visageApiUrl,
                config: { threshold: 0.7 }
            })
        });
        
        const jobData = await response.json();
        
        // 2. Subscribe to real-time updates
        this.subscribeToJob(jobData.job_id);
        
        return jobData;
    }
    
    subscribeToJob(jobId) {
        this.ws.send(JSON.stringify({
            type: "subscribe_job",
            job_id: jobId
        }));
    }
    
    subscribeToTask(taskId) {
        this.ws.send(JSON.stringify({
            type: "subscribe_task", 
            task_id: taskId
        }));
    }
    
    handleJobProgress(data) {
        console.log(`Job ${data.job_id}: ${data.progress_percentage}% complete`);
        console.log(`${data.completed_tasks}/${data.total_tasks} tasks finished`);
        
        // Update UI progress bar
        document.getElementById('progress').value = data.progress_percentage;
    }
    
    handleTaskUpdate(data) {
        console.log(`Task ${data.task_id} is now ${data.status}`);
        if (data.status === 'completed' && data.output_json) {
            console.log('Task results:', data.output_json);
        }
    }
}
